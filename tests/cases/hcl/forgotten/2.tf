resource "nhi_owner" "platform" {
  name        = "platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}

removed {
  from = nhi_identity.deploy

  lifecycle {
    destroy = false
  }
}
