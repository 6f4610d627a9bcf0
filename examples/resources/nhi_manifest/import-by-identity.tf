import {
  to = nhi_manifest.agents
  identity = {
    name = "support-agents"
  }
}
