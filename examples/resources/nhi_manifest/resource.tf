resource "nhi_owner" "support" {
  name        = "team-support"
  accountable = ["erin@example.com"]
  backup      = ["frank@example.com"]
}

resource "nhi_zone" "serve" {
  name        = "support-serve"
  environment = "production"
}

locals {
  # One line an agent: its name, and what it is for.
  agents = {
    greeter    = "Greets customers and finds out what they need."
    translator = "Translates what customers write."
    summarizer = "Sums up closed cases."
  }
}

# Many identities of one make, in one resource: a plan shows what changes in which of them.
resource "nhi_manifest" "agents" {
  name        = "support-agents"
  description = "The agents of the support desk."

  identities = {
    for name, purpose in local.agents : "support-${name}" => {
      kind        = "agent"
      owner       = nhi_owner.support.name
      purpose     = purpose
      environment = "production"
      tier        = 1
      zone        = nhi_zone.serve.name
      platform    = "kubernetes"
      principal   = "system:serviceaccount:support:${name}"

      federation = [{
        issuer       = "https://oidc.example.com/clusters/support"
        audiences    = ["tickets.example.com"]
        subject      = "system:serviceaccount:support:${name}"
        max_lifetime = "1h"
        workload     = "interactive"
      }]

      review_period = "90d"
    }
  }
}
