"""GOV.UK Pay's public API, version 1: alphagov/pay-publicapi at 4d61e89 (pay contract 1-8). Its oddities stop here."""
