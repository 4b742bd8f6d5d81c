"""补贴政策: the rules by which subsidies are paid, as tables with the clause beside each figure."""
