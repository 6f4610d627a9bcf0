resource "nhi_owner" "platform" {
  name        = "team-platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}

# What is lent: the identity that may change production.
resource "nhi_identity" "production_admin" {
  name        = "production-admin"
  kind        = "control_plane"
  owner       = nhi_owner.platform.name
  purpose     = "Repairs production when the pipeline cannot."
  environment = "production"
  tier        = 0
  platform    = "aws"
  principal   = "arn:aws:iam::111122223333:role/production-admin"

  federation = [{
    issuer    = "https://login.example.com"
    audiences = ["sts.amazonaws.com"]
    subject   = "group:platform-oncall"
  }]
}

# Who may have it, for an hour at a time, when two others agree. Nobody has it all the time.
resource "nhi_elevation" "repair" {
  name     = "repair-production"
  subjects = ["alice@example.com", "group:platform-oncall"]
  reason   = "The pipeline may be down when production has to be repaired."
  owner    = nhi_owner.platform.name
  ticket   = "PLAT-1310"

  target = {
    identity  = nhi_identity.production_admin.name
    actions   = ["eks:*", "ec2:RebootInstances"]
    resources = ["arn:aws:eks:*:111122223333:cluster/checkout", "arn:aws:ec2:*:111122223333:instance/*"]
  }

  duration           = "1h"
  approvals          = 2
  approvers          = ["bob@example.com", "carol@example.com", "dave@example.com"]
  approval_valid_for = "12h"

  session_recording = {
    mode = "required"
    sink = "s3://acme-session-recordings"
  }

  valid_for = "180d"
}
