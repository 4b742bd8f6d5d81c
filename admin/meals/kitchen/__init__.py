"""The kitchen's week: menus, what is to be cooked, paper orders, samples, and how it is set up."""
