# Three machine identities of a small platform, and one exception that ends by itself.

terraform {
  required_version = ">= 1.8"
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

provider "nhi" {
  # Without `register` the declarations live in the default file beside the configuration.
  workspace = "quickstart"
}

resource "nhi_owner" "platform" {
  name        = "team-platform"
  description = "Runs pipelines and clusters."
  accountable = ["alice@example.com"]
  backup      = ["bob@example.com"]
}

resource "nhi_zone" "build" {
  name        = "build"
  environment = "production"
  reaches     = ["serve"]
}

resource "nhi_zone" "serve" {
  name        = "serve"
  environment = "production"
}

# A pipeline that deploys. It holds no key: its platform vouches for it, to one audience, for minutes.
resource "nhi_identity" "deploy" {
  name        = "checkout-deploy"
  kind        = "ci_runner"
  owner       = nhi_owner.platform.name
  purpose     = "Deploys the checkout service."
  environment = "production"
  tier        = 0
  zone        = nhi_zone.build.name
  platform    = "aws"
  principal   = "arn:aws:iam::111122223333:role/checkout-deploy"

  federation = [{
    issuer       = "https://token.actions.githubusercontent.com"
    audiences    = ["sts.amazonaws.com"]
    subject      = "repo:acme/checkout:ref:refs/heads/main"
    max_lifetime = "15m"
    workload     = "interactive"
  }]

  review_period = "90d"
}

resource "nhi_identity" "checkout" {
  name        = "checkout"
  kind        = "inference_service"
  owner       = nhi_owner.platform.name
  purpose     = "Scores orders for fraud."
  environment = "production"
  tier        = 2
  zone        = nhi_zone.serve.name
  platform    = "aws"
  principal   = "arn:aws:iam::111122223333:role/checkout"
}

# What is not as it should be yet, and until when.
resource "nhi_exception" "legacy_bucket" {
  name     = "checkout-legacy-bucket"
  identity = nhi_identity.checkout.name
  reason   = "The fraud model still reads the old bucket until its migration."
  owner    = nhi_owner.platform.name
  ticket   = "PLAT-1204"

  permits = {
    rules     = ["privilege-expansion"]
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::acme-legacy/*"]
  }

  compensating_controls = ["Access to the bucket is logged and reviewed weekly."]
  valid_for             = "60d"
}

variable "with_trainer" {
  type        = bool
  default     = false
  description = "The change to try: declare a training job that touches production data."
}

resource "nhi_identity" "trainer" {
  count = var.with_trainer ? 1 : 0

  name        = "fraud-trainer"
  kind        = "training_job"
  owner       = nhi_owner.platform.name
  purpose     = "Trains the fraud model every night."
  environment = "production"
  tier        = 1
  zone        = nhi_zone.build.name
  platform    = "aws"
  principal   = "arn:aws:iam::111122223333:role/fraud-trainer"
}
