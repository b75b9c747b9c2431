"""Starting a need from what there is: a copy of a published one, or a template of the department."""
