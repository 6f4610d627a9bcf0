resource "nhi_owner" "platform" {
  name        = ""
  accountable = []
  backup      = ["bob@example.com"]
}
