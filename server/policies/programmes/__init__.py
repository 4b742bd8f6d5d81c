"""补贴项目 as data: what a programme of a city's policy pack may say, and nothing else."""
