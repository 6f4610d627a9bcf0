terraform {
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

provider "nhi" {
  workspace = "debugging"
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

# What is asked for.
resource "nhi_exception" "debug" {
  name                  = "debug"
  identity              = nhi_identity.deploy.name
  owner                 = nhi_owner.platform.name
  reason                = "A customer's import has to be seen to."
  permits               = { actions = ["s3:Get*"] }
  compensating_controls = ["every use is logged"]
  expires_at            = var.expires_at
}

variable "expires_at" {
  default = "2026-12-01T00:00:00Z"
}

# What the register says of it. It refers to nothing, so that it can be asked before there is anything.
data "nhi_exceptions" "here" {
  workspace = "debugging"
}

locals {
  active = toset([for one in data.nhi_exceptions.here.items : one.name if one.active])
}

# What is granted while it is active, and no longer.
resource "terraform_data" "grant" {
  for_each = local.active
  input    = each.key
}

output "standing" {
  value = { for one in data.nhi_exceptions.here.items : one.name => one.standing }
}
