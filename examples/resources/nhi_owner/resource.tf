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

# Who answers for identities. People come and go; identities refer to the owner.
resource "nhi_owner" "platform" {
  name        = "team-platform"
  description = "Runs pipelines and clusters."
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com", "platform-oncall@example.com"]

  labels = {
    cost-center = "4711"
  }
}
