"""What a council offers online: a form opens a case, a case moves a tracker."""
