terraform {
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

provider "nhi" {
  workspace = "actions"
}

resource "nhi_owner" "platform" {
  name        = "platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}

resource "nhi_identity" "deploy" {
  name  = "deploy"
  kind  = "ci_runner"
  owner = nhi_owner.platform.name
  tier  = 2
}

resource "nhi_exception" "debug" {
  name                  = "debug"
  identity              = nhi_identity.deploy.name
  owner                 = nhi_owner.platform.name
  reason                = "A customer's import has to be seen to."
  permits               = { actions = ["s3:Get*"] }
  compensating_controls = ["every use is logged"]
  expires_at            = "2026-12-01T00:00:00Z"
}

resource "nhi_credential" "partner" {
  name            = "partner"
  identity        = nhi_identity.deploy.name
  kind            = "api_token"
  why             = "The partner knows nothing else."
  owner           = nhi_owner.platform.name
  rotation_period = "30d"
  expires_at      = "2027-06-01T00:00:00Z"

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.nhi_rotate_due.all]
    }
  }
}

resource "nhi_review" "quarter" {
  name      = "quarter"
  period    = "90d"
  reviewers = ["bob"]
  starts_on = "2026-10-01"
  owner     = nhi_owner.platform.name
}

action "nhi_approve" "debug" {
  config {
    kind = "exception"
    name = nhi_exception.debug.name
    note = "For the import."
  }
}

action "nhi_revoke" "debug" {
  config {
    kind   = "exception"
    name   = nhi_exception.debug.name
    reason = "The import is done."
  }
}

action "nhi_rotate_due" "all" {
  config {
    within = "7d"
  }
}

action "nhi_rotate_due" "partner" {
  config {
    credential = nhi_credential.partner.name
    reference  = "kv/partner, version 8"
  }
}

action "nhi_attest_review" "quarter" {
  config {
    review  = nhi_review.quarter.name
    outcome = "keep"
  }
}
