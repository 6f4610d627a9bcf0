resource "nhi_owner" "platform" {
  name        = "team-platform"
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}

resource "nhi_zone" "train" {
  name        = "train"
  environment = "production"
}

resource "nhi_identity" "trainer" {
  name     = "trainer"
  kind     = "training_job"
  owner    = nhi_owner.platform.name
  tier     = 2
  platform = "aws"
  zone     = nhi_zone.train.name
}

resource "nhi_crossing" "promote" {
  name       = "promote"
  from_zone  = "train"
  to_zone    = "train"
  identities = [nhi_identity.trainer.name]
  approver   = nhi_owner.platform.name
  reason     = "None."
  ticket     = "PLAT-4"
  log_sink   = "arn:aws:logs:eu-central-1:111122223333:log-group:crossings"
  valid_for  = "30d"
}
