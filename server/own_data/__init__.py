"""我的数据: everything that is kept of a person, for that person (个人信息保护法 art. 44-45)."""
