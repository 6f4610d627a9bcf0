variable "index" {
  type = string
}

variable "teams" {
  type = any
}

variable "suffix" {
  default  = "end"
  nullable = false
}

resource "terraform_data" "this" {
  for_each = var.teams
  input    = { key = each.key, index = var.index, limit = each.value.limit, labels = each.value.labels }
}

output "line" {
  value = "${var.index}-${var.suffix}-${join(",", keys(var.teams))}"
}
