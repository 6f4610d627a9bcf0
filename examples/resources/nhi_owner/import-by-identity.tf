import {
  to = nhi_owner.platform
  identity = {
    name = "team-platform"
  }
}
