provider "nhi" {
  workspace = "scenario"
  register  = "postgres://nhi:secret@db.example.com/nhi"
}

resource "nhi_owner" "platform" {
  name        = "team-platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}
