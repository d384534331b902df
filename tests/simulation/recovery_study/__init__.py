"""How far each recovery can be trusted: trials are simulated, printed as in an abstract, and recovered.

``hazards`` and ``scenarios`` say what is simulated, ``trials`` simulates it, ``printing`` rounds the results,
``abstracts`` writes them down as evisynth reads them, ``recoveries`` lists what is then handed to
:func:`evisynth.effects.recovery.recover`, ``shortcuts`` what evisynth refuses to do, ``study`` runs the
scenarios and ``tables`` adds up. Run with ``make simulation``.
"""
