# Who keeps the access for emergencies.
data "nhi_break_glass" "cluster" {
  name = "cluster-emergency"
}

output "cluster_custodians" {
  value = data.nhi_break_glass.cluster.custodians
}
