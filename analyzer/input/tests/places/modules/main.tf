module "svc" {
  source   = "./modules/service"
  for_each = toset(["a.b"])
}

module "out" {
  source = "./modules/out/../service"
}
