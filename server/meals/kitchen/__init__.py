"""The kitchen's week: sittings made ahead, menus, what is to be cooked, and samples of it."""
