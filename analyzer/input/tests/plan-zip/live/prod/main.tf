module "team" {
  source   = "../../modules/team"
  for_each = toset(["a.b", "c"])
  name     = each.key
}

module "again" {
  source = "../../modules/team"
  name   = "again"
}

resource "terraform_data" "root" {
  input = {
    owner = "platform"
  }
}
