resource "nhi_owner" "platform" {
  name        = "team-platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}

resource "nhi_identity" "admin" {
  name     = "admin"
  kind     = "control_plane"
  owner    = nhi_owner.platform.name
  tier     = 2
  platform = "aws"
  purpose  = "Repairs."
}

resource "nhi_elevation" "repair" {
  name     = "repair"
  subjects = ["alice@example.com"]
  reason   = "The pipeline may be down."
  owner    = nhi_owner.platform.name
  ticket   = "PLAT-2"

  target = {
    identity = nhi_identity.admin.name
    actions  = ["eks:*"]
  }

  duration  = "1h"
  approvals = 1

  session_recording = {
    mode = "none"
  }

  valid_for = "90d"
}

ephemeral "nhi_elevation_grant" "repair" {
  elevation = nhi_elevation.repair.name
  subject   = "alice@example.com"
  reason    = "PLAT-3"
}
