variable "name" {
  type = string
}

variable "bucket" {
  type = string
}

variable "tags" {
  type    = map(string)
  default = { team = "platform" }
}

resource "terraform_data" "this" {
  input = jsonencode({ name = var.name, bucket = var.bucket, tags = var.tags, from = "${path.module}/${var.name}" })
}

output "arn" {
  value = terraform_data.this.id
}

output "name" {
  value = "store-${var.name}"
}
