# A route between two zones exists as long as the crossing is approved and has not ended.
data "nhi_crossing" "promote" {
  name = "promote-fraud-model"
}

output "route_is_open" {
  value = data.nhi_crossing.promote.active
}
