resource "nhi_identity" "theirs" {
  name     = "deploy"
  kind     = "microservice"
  owner    = "team-platform"
  tier     = 1
  platform = "aws"
}

import {
  to = nhi_identity.theirs
  id = "deploy"
}
