# Every owner of a cost center.
data "nhi_owners" "cost_center" {
  labels = {
    cost-center = "4711"
  }
}

output "owners_of_the_cost_center" {
  value = data.nhi_owners.cost_center.names
}
