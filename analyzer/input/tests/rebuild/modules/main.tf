# Inputs, outputs, keys and overrides through two levels of modules.
variable "teams" {
  type = map(object({
    actions = optional(list(string), ["s3:Get*"])
    limit   = optional(number)
    labels  = optional(map(any), { kind = 1, own = "yes" })
  }))
}

variable "unset" {
  type    = string
  default = null
}

locals {
  wide = { for name, team in var.teams : name => team if length(team.actions) > 1 }
}

module "one" {
  source = "./one"
  count  = 2
  index  = count.index
  teams  = var.teams
}

module "two" {
  source   = "./two"
  for_each = var.teams
  name     = each.key
  team     = each.value
  fallback = var.unset
}

resource "terraform_data" "outputs" {
  input = {
    all     = module.one[*].line
    first   = module.one[0].line
    mapped  = { for name, two in module.two : name => two.deep }
    one     = module.two["b.c"].deep
    whole   = values(module.two)[*].deep.name
    wide    = keys(local.wide)
    unset   = coalesce(var.unset, "none")
    default = var.teams["a"].limit == null
  }
}

resource "terraform_data" "overridden" {
  input = "as written"
}

resource "terraform_data" "each_set" {
  for_each = toset([for name, team in var.teams : upper(name)])
  input    = "${each.key}/${each.value}"
}
