variable "name" {
  type = string
}

module "inner" {
  source = "./inner"
}

resource "terraform_data" "team" {
  input = var.name
}
