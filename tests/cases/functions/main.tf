# A caller of a guarded module. Its bucket has no name before the first apply.

terraform {
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

variable "actions" {
  type    = list(string)
  default = ["s3:GetObject"]
}

variable "before" {
  type    = string
  default = null
}

variable "operator" {
  type    = string
  default = "StringEquals"
}

resource "terraform_data" "bucket" {
  input = "acme-reports"
}

module "guarded" {
  source = "./guarded"

  before = var.before == null ? jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = "arn:aws:s3:::acme-*" }]
  }) : var.before
  after = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = var.actions
      Resource  = "arn:aws:s3:::${terraform_data.bucket.output}/*"
      Condition = { (var.operator) = { "aws:PrincipalTag/team" = "platform" } }
    }]
  })
}

output "policy" {
  value = module.guarded.policy
}

output "new" {
  value = module.guarded.new
}
