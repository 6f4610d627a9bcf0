module "own" {
  source = "./modules/own"
}

module "roles" {
  source  = "terraform-aws-modules/iam/aws"
  version = "5.0.0"
}
