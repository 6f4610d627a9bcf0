resource "nhi_owner" "platform" {
  name        = "team-platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}

import {
  to = nhi_identity.deploy
  id = "deploy"
}
