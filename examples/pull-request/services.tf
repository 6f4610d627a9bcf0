# One role a service, each with its own data.

locals {
  services = {
    checkout = { bucket = "acme-orders", owner = "team-payments" }
    search   = { bucket = "acme-catalogue", owner = "team-search" }
  }
}

module "service" {
  source   = "./modules/service"
  for_each = local.services

  name   = each.key
  bucket = each.value.bucket
  owner  = each.value.owner
}
