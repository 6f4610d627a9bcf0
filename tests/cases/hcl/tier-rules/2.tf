resource "nhi_identity" "deploy" {
  name        = "deploy"
  kind        = "ci_runner"
  environment = "production"
  tier        = 0
  platform    = "aws"
}
