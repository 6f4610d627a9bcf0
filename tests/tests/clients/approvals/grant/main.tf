terraform {
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

provider "nhi" {
  workspace = "incidents"
}

resource "nhi_owner" "platform" {
  name        = "platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}

resource "nhi_elevation" "incident" {
  name              = "incident"
  subjects          = ["carol@example.com"]
  target            = { role = "arn:aws:iam::111122223333:role/admin" }
  duration          = "1h"
  session_recording = { mode = "required", sink = "s3://acme-sessions" }
  reason            = "Incidents."
  owner             = nhi_owner.platform.name
  valid_for         = "90d"
}
