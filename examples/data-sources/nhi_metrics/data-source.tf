# How far production has come.
data "nhi_metrics" "production" {
  environment = "production"
}

output "federated_adoption" {
  value = data.nhi_metrics.production.federated_adoption
}
