"""the server of the app: who may ask it, and under which names"""
