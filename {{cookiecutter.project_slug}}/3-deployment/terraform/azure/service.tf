# The service on Container Apps: it grows with its requests. A new revision takes over only
# when it is ready; until then the one before answers.
resource "azurerm_log_analytics_workspace" "service" {
  name                = local.name
  resource_group_name = azurerm_resource_group.service.name
  location            = azurerm_resource_group.service.location
  retention_in_days   = 90
}

resource "azurerm_container_app_environment" "service" {
  name                       = local.name
  resource_group_name        = azurerm_resource_group.service.name
  location                   = azurerm_resource_group.service.location
  log_analytics_workspace_id = azurerm_log_analytics_workspace.service.id
}

# The identity may fetch images, and nothing else.
resource "azurerm_user_assigned_identity" "service" {
  name                = local.name
  resource_group_name = azurerm_resource_group.service.name
  location            = azurerm_resource_group.service.location
}

resource "azurerm_role_assignment" "fetch" {
  scope                = azurerm_container_registry.service.id
  role_definition_name = "AcrPull"
  principal_id         = azurerm_user_assigned_identity.service.principal_id
}

resource "azurerm_container_app" "service" {
  count                        = var.image == "" ? 0 : 1
  name                         = "model"
  resource_group_name          = azurerm_resource_group.service.name
  container_app_environment_id = azurerm_container_app_environment.service.id
  revision_mode                = "Single"
  identity {
    type         = "UserAssigned"
    identity_ids = [azurerm_user_assigned_identity.service.id]
  }
  registry {
    server   = azurerm_container_registry.service.login_server
    identity = azurerm_user_assigned_identity.service.id
  }
  ingress {
    # Asked from inside of the environment; true opens it to the internet.
    external_enabled = false
    target_port      = 8000
    traffic_weight {
      latest_revision = true
      percentage      = 100
    }
  }
  template {
    min_replicas = 1
    max_replicas = var.max_replicas
    http_scale_rule {
      name                = "requests"
      concurrent_requests = "50"
    }
    container {
      name   = "model"
      image  = var.image
      cpu    = 0.5
      memory = "1Gi"
      startup_probe {
        transport               = "HTTP"
        path                    = "/ready"
        port                    = 8000
        interval_seconds        = 1
        failure_count_threshold = 10
      }
      readiness_probe {
        transport = "HTTP"
        path      = "/ready"
        port      = 8000
      }
      liveness_probe {
        transport = "HTTP"
        path      = "/health"
        port      = 8000
      }
    }
  }
  depends_on = [azurerm_role_assignment.fetch]
}
