"""How every page looks and speaks: the shell, the components, forms, brands and languages. It knows no module."""
