variable "actions" {
  type = list(string)
}

variable "name" {}

resource "terraform_data" "policy" {
  count = length(var.actions)
  input = <<-EOT
    {"name": "${var.name}", "action": "${var.actions[count.index]}", "at": "${path.module}"}
  EOT
}

output "actions" {
  value = [for policy in terraform_data.policy : jsondecode(policy.input).action]
}
