variable "name" {
  type = string
}

variable "team" {
  type = object({ actions = set(string), limit = optional(string, "none") })
}

variable "fallback" {
  type     = string
  default  = "given"
  nullable = false
}

module "inner" {
  source  = "./inner"
  actions = [for action in var.team.actions : lower(action)]
  name    = var.name
}

output "deep" {
  value = { name = var.name, actions = module.inner.actions, limit = var.team.limit, fallback = var.fallback }
}
