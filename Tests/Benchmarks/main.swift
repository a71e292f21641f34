try Lists.run()
