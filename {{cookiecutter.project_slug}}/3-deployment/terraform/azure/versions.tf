terraform {
  required_version = ">= 1.9"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.40"
    }
  }
}

provider "azurerm" {
  subscription_id = var.subscription_id
  # The artifacts are reached with an identity, never with the account's key.
  storage_use_azuread = true
  features {}
}
