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

resource "nhi_owner" "security" {
  name        = "team-security"
  accountable = ["carol@example.com"]
  backup      = ["dave@example.com"]
}

resource "nhi_zone" "train" {
  name        = "train"
  environment = "production"
}

resource "nhi_zone" "serve" {
  name        = "serve"
  environment = "production"
}

resource "nhi_identity" "trainer" {
  name        = "fraud-trainer"
  kind        = "training_job"
  owner       = nhi_owner.platform.name
  purpose     = "Trains the fraud model every night."
  environment = "staging"
  tier        = 2
  zone        = nhi_zone.train.name
  platform    = "aws"
  principal   = "arn:aws:iam::111122223333:role/fraud-trainer"
}

# One identity, from one zone into one other, for thirty days. It holds once somebody else has agreed to it.
resource "nhi_crossing" "promote" {
  name       = "promote-fraud-model"
  from_zone  = nhi_zone.train.name
  to_zone    = nhi_zone.serve.name
  identities = [nhi_identity.trainer.name]
  approver   = nhi_owner.security.name
  reason     = "The trainer promotes its model itself until the deployment pipeline can."
  ticket     = "PLAT-1502"
  log_sink   = "arn:aws:logs:eu-central-1:111122223333:log-group:zone-crossings"
  valid_for  = "30d"
}
