"""Who is this? Persons, how they prove who they are, and the sessions they get for it. Global: above every council."""
