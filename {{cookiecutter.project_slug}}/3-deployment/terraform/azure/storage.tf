# The images, and the artifacts: runs, models, data.
locals {
  name  = "{{ cookiecutter.project_slug | replace("_", "-") }}-${var.environment}"
  short = substr(replace("{{ cookiecutter.project_slug }}", "/[^a-z0-9]/", ""), 0, 12)
}

resource "azurerm_resource_group" "service" {
  name     = local.name
  location = var.location
  tags     = { project = "{{ cookiecutter.project_slug }}", environment = var.environment }
}

resource "azurerm_container_registry" "service" {
  name                = "${local.short}${var.suffix}"
  resource_group_name = azurerm_resource_group.service.name
  location            = azurerm_resource_group.service.location
  sku                 = "Standard"
  admin_enabled       = false
}

resource "azurerm_storage_account" "artifacts" {
  name                            = "${local.short}${var.suffix}"
  resource_group_name             = azurerm_resource_group.service.name
  location                        = azurerm_resource_group.service.location
  account_tier                    = "Standard"
  account_replication_type        = "ZRS"
  min_tls_version                 = "TLS1_2"
  allow_nested_items_to_be_public = false
  shared_access_key_enabled       = false
  blob_properties {
    versioning_enabled = true
    delete_retention_policy {
      days = 30
    }
  }
}

resource "azurerm_storage_container" "artifacts" {
  name                  = "artifacts"
  storage_account_id    = azurerm_storage_account.artifacts.id
  container_access_type = "private"
}
