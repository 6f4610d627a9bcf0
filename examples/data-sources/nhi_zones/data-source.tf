# The zones of production.
data "nhi_zones" "production" {
  environment = "production"
}

output "production_zones" {
  value = data.nhi_zones.production.names
}
