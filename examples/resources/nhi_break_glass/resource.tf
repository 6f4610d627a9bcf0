terraform {
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

provider "nhi" {
  workspace = "platform"
}

resource "nhi_owner" "platform" {
  name        = "team-platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}

resource "nhi_identity" "emergency" {
  name        = "cluster-emergency"
  kind        = "break_glass"
  owner       = nhi_owner.platform.name
  purpose     = "Gets into the cluster when the identity provider is down."
  environment = "staging"
  tier        = 2
  platform    = "aws"
  principal   = "arn:aws:iam::111122223333:role/cluster-emergency"
}

# Two people keep it, neither opens it alone, and everybody hears when it is used.
resource "nhi_break_glass" "cluster" {
  name            = "cluster-emergency"
  identity        = nhi_identity.emergency.name
  custodians      = ["alice@example.com", "carol@example.com"]
  sealed_location = "Safe in room 12, envelope 7; the seal's number is in OPS-77."
  max_duration    = "1h"
  alert_channel   = "pager: security-oncall"
  monitoring      = "Alarm `emergency-role-used` on every AssumeRole of this role."
  reason          = "The identity provider may be down when the cluster has to be repaired."
  owner           = nhi_owner.platform.name

  test_period = "90d"
  last_test = {
    at        = "2026-10-15T08:00:00Z"
    reference = "OPS-81"
  }
}
