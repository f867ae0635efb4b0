"""劳务经纪: brokers, agencies and cooperatives that find work for people, and whom each placed."""
