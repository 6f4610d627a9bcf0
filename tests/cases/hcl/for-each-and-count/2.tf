resource "nhi_owner" "platform" {
  name        = "team-platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}

resource "nhi_identity" "service" {
  for_each = { cart = 1, pay = 0 }
  name     = "svc-${each.key}"
  kind     = "microservice"
  owner    = nhi_owner.platform.name
  tier     = each.value
  platform = "aws"
}

resource "nhi_zone" "numbered" {
  count       = 1
  name        = "zone-${count.index}"
  environment = "staging"
}
