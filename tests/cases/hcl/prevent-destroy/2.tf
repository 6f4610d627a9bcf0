resource "nhi_owner" "platform" {
  name        = "team-base"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]

  lifecycle {
    prevent_destroy = true
  }
}
